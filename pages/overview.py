from cxaudit.ui import shell

page = shell.open_page("overview")
audit = shell.require_audit(page)
