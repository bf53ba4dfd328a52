from cxaudit.ui import shell

page = shell.open_page("context")
audit = shell.require_audit(page)
