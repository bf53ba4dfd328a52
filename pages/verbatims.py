from cxaudit.ui import shell

page = shell.open_page("verbatims")
audit = shell.require_audit(page)
