"""What can be found: a project or a hand-written page, with its searched texts and what a result shows."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from builder import address
from builder.frozen import frozen
from builder.search.prose import paragraphs

if TYPE_CHECKING:
    from builder.catalogue import Summary
    from builder.model import Indicator, Project

Fields = tuple[str, ...]


@frozen()
class Record:
    """One result. ``address`` from the site's root; ``amount`` in 万元, ``amount_text`` as printed.

    ``texts`` are 年度总体目标, or the paragraphs of a hand-written page, which has no ``year``.
    """

    address: str
    title: str
    year: int | None = None
    department: str = ""
    unit: str = ""
    amount: Decimal = Decimal()
    amount_text: str = ""
    texts: Fields = ()
    indicators: tuple[Indicator, ...] = ()

    @property
    def zones(self) -> tuple[Fields, Fields, Fields]:
        """The searched fields, by how much a match in them counts: name, 三级指标, elsewhere.

        主管部门 is searched too; as few names serve many records, it stands in no zone.
        """
        names = tuple(row.name for row in self.indicators)
        values = tuple(row.value or "" for row in self.indicators)
        return (self.title,), names, (self.unit, *self.texts, *values)


def project_record(project: Project, summary: Summary) -> Record:
    """A project as it is found."""
    amount = "" if project.total is None else f"{project.total:f} {summary.currency}"
    return Record(
        address=address.project(summary.id),
        title=project.name,
        year=summary.id.year,
        department=project.department,
        unit=project.unit,
        amount=summary.total_wan,
        amount_text=amount,
        texts=project.goals,
        indicators=project.indicators,
    )


def page_record(address: str, title: str, content: str) -> Record:
    """A hand-written page as it is found; ``content`` is its HTML without chrome."""
    texts = tuple(text for text in paragraphs(content) if text != title)
    return Record(address=address, title=title, texts=texts)
