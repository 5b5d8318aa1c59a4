"""``catalog.jsonld``: the collection as a DCAT catalogue and as schema.org Datasets, in one JSON-LD file.

The context stands in the file, so that a reader fetches nothing. Addresses are absolute where the site's is
known; else they are relative to the file itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from builder import address, downloads

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from builder.catalogue import Catalogue
    from builder.downloads import Listed
    from builder.exports.data.about import About

_CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "spdx": "http://spdx.org/rdf/terms#",
    "schema": "https://schema.org/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_MEDIA = {kind.suffix: kind.media for kind in downloads.SCOPE_KINDS}


def catalogue_of(catalogue: Catalogue, files: Mapping[str, Listed], about: About) -> dict[str, Any]:
    """The whole document; ``files`` by path."""
    datasets = list(_datasets(catalogue, files, about))
    described = {
        "@id": _url(downloads.CATALOGUE, about) + "#catalog",
        "@type": ["dcat:Catalog", "schema:DataCatalog"],
        **_named(about.site_name, f"{about.notice}政府项目的预算绩效目标", about),
        "dcat:dataset": [{"@id": item["@id"]} for item in datasets],
        "schema:dataset": [{"@id": item["@id"]} for item in datasets],
        "foaf:homepage": {"@id": about.site_url or "../"},
    }
    return {"@context": _CONTEXT, "@graph": [described, *datasets]}


def dataset(catalogue: Catalogue, files: Mapping[str, Listed], about: About) -> dict[str, Any]:
    """The dataset of everything alone, for the head of the page that offers it."""
    return {"@context": _CONTEXT, **next(_datasets(catalogue, files, about))}


def _datasets(catalogue: Catalogue, files: Mapping[str, Listed], about: About) -> Iterator[dict[str, Any]]:
    years = [year.year for year in catalogue.years]
    number = sum(year.projects for year in catalogue.years)
    span = f"{min(years)}/{max(years)}" if years else ""
    whole = f"{about.notice}{about.site_name}的全部数据"
    said = f"{whole}：{number} 个项目的资金、目标和绩效指标，原文和读出的含义并列"
    yield _dataset("", (about.site_name, said, span), (None, None), files, about)
    for year in catalogue.years:
        name = f"{year.year} 年度项目支出预算绩效目标"
        said = f"{name}：{len(year.departments)} 个部门，{year.projects} 个项目"
        words = (name, said, str(year.year))
        yield _dataset(address.year(year.year), words, (year.year, None), files, about)
        for which in year.departments:
            name = f"{which.name} {year.year} 年度项目支出预算绩效目标"
            words = (name, f"{name}：{len(which.projects)} 个项目", str(year.year))
            page = address.department(year.year, which.code)
            yield _dataset(page, words, (year.year, which.code), files, about)


def _dataset(
    page: str,
    words: tuple[str, str, str],
    scope: tuple[int | None, str | None],
    files: Mapping[str, Listed],
    about: About,
) -> dict[str, Any]:
    """One dataset. ``words``: name, description, years; ``page``: the page that shows it."""
    name, said, span = words
    landing = _url(page or f"{downloads.FOLDER}/", about)
    found = [files[downloads.scope_file(suffix, *scope)] for suffix in _MEDIA]
    parts = [_distribution(file, about) for file in found]
    return {
        "@id": f"{landing}#dataset",
        "@type": ["dcat:Dataset", "schema:Dataset"],
        **_named(name, said, about),
        **({"schema:temporalCoverage": span} if span else {}),
        "dcat:landingPage": {"@id": landing},
        "schema:url": {"@id": landing},
        "dcat:distribution": [{"@id": part["@id"]} for part in parts],
        "schema:distribution": parts,
    }


def _named(name: str, said: str, about: About) -> dict[str, Any]:
    who = {"@type": ["foaf:Organization", "schema:Organization"]}
    publisher = {**who, "foaf:name": about.site_name, "schema:name": about.site_name}
    where = about.licence_url
    licence: object = {"@id": where} if where else about.licence
    said_of_licence = {"dct:license": licence, "schema:license": licence} if about.licence else {}
    return {
        "dct:title": {"@value": name, "@language": "zh-CN"},
        "schema:name": name,
        "dct:description": {"@value": said, "@language": "zh-CN"},
        "schema:description": said,
        "dct:language": "zh-CN",
        "dct:publisher": publisher,
        "schema:creator": publisher,
        "schema:isAccessibleForFree": True,
        **said_of_licence,
    }


def _distribution(file: Listed, about: About) -> dict[str, Any]:
    url = _url(downloads.href(file.path), about)
    media = _MEDIA[file.path.rpartition(".")[2]]
    return {
        "@id": url,
        "@type": ["dcat:Distribution", "schema:DataDownload"],
        "dcat:downloadURL": {"@id": url},
        "schema:contentUrl": {"@id": url},
        "dcat:mediaType": {"@id": f"https://www.iana.org/assignments/media-types/{media}"},
        "schema:encodingFormat": media,
        "dcat:byteSize": {"@value": str(file.size), "@type": "xsd:nonNegativeInteger"},
        "schema:contentSize": f"{file.size} B",
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
            "spdx:checksumValue": file.sha256,
        },
    }


def _url(path: str, about: About) -> str:
    """An address from the site's root, as the file may give it."""
    return f"{about.site_url}{path}" if about.site_url else f"../{path}"
