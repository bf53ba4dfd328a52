from cxaudit.ui import shell

page = shell.open_page("crosses")
audit = shell.require_audit(page)
