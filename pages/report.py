from cxaudit.ui import shell

page = shell.open_page("report")
audit = shell.require_audit(page)
