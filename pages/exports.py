from cxaudit.ui import shell

page = shell.open_page("exports")
audit = shell.require_audit(page)
