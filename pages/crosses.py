"""What two sources say together and neither says alone."""

from cxaudit.ui import panel, shell, together

page = shell.open_page("crosses")
audit = shell.require_audit(page)
panel.draw(page)
known = together.computed(audit, together.CROSSES)
page.title(page.say("ui.crosses.title", n=len(known), total=len(together.CROSSES)), page.say("ui.crosses.subtitle"))
together.board(page, audit, together.CROSSES)
