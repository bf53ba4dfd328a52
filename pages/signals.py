from cxaudit.ui import shell

page = shell.open_page("signals")
audit = shell.require_audit(page)
