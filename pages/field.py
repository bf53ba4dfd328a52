from cxaudit.ui import shell

page = shell.open_page("field")
audit = shell.require_audit(page)
