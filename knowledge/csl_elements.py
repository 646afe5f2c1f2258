"""Two elements of CSL as its specification has them and citeproc does not: what stands in the place of
missing names is not told again further on, also where a macro or a choice stands there (a work of
nobody that we know would have its title twice); and what has no edition has no word "edition".

citeproc takes its elements from all classes that there are, later ones first: so these need only be
there before a style is read.
"""

from typing import Any

from citeproc.model import CitationStylesElement, Names, Parent
from citeproc.model import Label as AnyLabel
from citeproc.source import VariableError

TEXT = "{http://purl.org/net/xbiblio/csl}text"
MAY_STAND_THERE = ("title", "container-title")


class Substitute(CitationStylesElement, Parent):
    """The first of its children that says something."""

    def render(self, item: Any, context: Any = None, **said: Any) -> Any:
        for child in self.getchildren():
            if isinstance(child, Names) and child.name is None:
                said = {**said, "names_context": self.getparent()}
            try:
                text = child.render(item, context=context, **said)
            except VariableError:
                continue
            if text:
                self._tell_no_more(str(text), item, context)
                return text
        return None

    def _tell_no_more(self, text: str, item: Any, context: Any) -> None:
        told = context.get_layout().repressed.setdefault(TEXT, [])
        for variable in MAY_STAND_THERE:
            value = item.reference.get(variable.replace("-", "_"))
            if value and str(value).casefold() in text.casefold():
                told.append(variable)


class Label(AnyLabel, CitationStylesElement):
    """The word for a variable, where there is one."""

    def process(self, item: Any, variable: str | None = None, *said: Any, **more: Any) -> Any:
        of = self.get("variable")
        if variable is None and of != "locator" and of.replace("-", "_") not in item.reference:
            return None
        return super().process(item, variable, *said, **more)
