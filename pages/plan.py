from cxaudit.ui import shell

page = shell.open_page("plan")
audit = shell.require_audit(page)
