from cxaudit.ui import shell

page = shell.open_page("quality")
audit = shell.require_audit(page)
