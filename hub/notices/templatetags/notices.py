from django import template

from hub.notices.texts import unlinked

register = template.Library()

# ``{{ name|unlinked }}``: what people typed, with every address in it broken. ``notices.send`` does
# so to all texts by itself; the filter is for what a template puts together.
register.filter("unlinked", unlinked)
