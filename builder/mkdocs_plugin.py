"""The MkDocs plugin ``jixiao``, and how MkDocs is run: the only module that knows MkDocs.

MkDocs renders the hand-written pages, and one frame for each depth of address with the real theme; the data
pages are filled into the frames when MkDocs is done. An error in the data ends the build before MkDocs
touches the old site.
"""

from __future__ import annotations

import logging
import os
import re
from contextlib import nullcontext
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urlsplit

# Material prints a notice about MkDocs 2 on import; the version is pinned and the notice is for nobody here.
os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")

from jinja2 import FileSystemLoader
from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import config_options, load_config
from mkdocs.config.base import Config
from mkdocs.exceptions import Abort, ConfigurationError, PluginError
from mkdocs.plugins import BasePlugin, CombinedEvent, event_priority, get_plugin_logger
from mkdocs.structure.files import File, InclusionLevel
from mkdocs.structure.nav import Link
from mkdocs.structure.toc import AnchorLink, TableOfContents

from builder import (
    address,
    configuration,
    engine,
    fingerprint,
    frames,
    publish,
    publisher,
    report,
    schema,
    seal,
    site,
)
from builder.adjusted import with_history
from builder.collection import collect
from builder.compiled import Compiled
from builder.entries import entries
from builder.errors import BuilderError
from builder.frozen import frozen
from builder.means import modest
from builder.problem import Severity
from builder.publication import HandPage, Publication

if TYPE_CHECKING:
    from jinja2 import Environment
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.nav import Navigation
    from mkdocs.structure.pages import Page

    from builder.collection import Collection
    from builder.history import History
    from builder.means import Means
    from builder.schema import Schemas
    from builder.spare import Spare

log = get_plugin_logger(__name__)

THEME = Path(__file__).parent / "theme"
_FRAME_FILES = {
    "index.md": 0,
    "jixiao-frame/index.md": 1,
    "jixiao-frame/frame/index.md": 2,
    "jixiao-frame/frame/frame/index.md": 3,
}
"""The page that MkDocs renders for each depth of address."""

_LEVELS = {Severity.ERROR: logging.ERROR, Severity.WARNING: logging.WARNING, Severity.INFO: logging.INFO}
_ALIGNMENT = re.compile(r'style="text-align: (left|right|center);"')
"""How Markdown aligns the columns of a table; the security policy allows no style attributes."""

_INVALID = re.compile(r'(<input class="md-toggle"[^>]*) autocomplete="off"|(<label [^>]*) tabindex=""')
"""What the theme's templates write that HTML does not allow."""

_LOCAL = {None, "localhost", "127.0.0.1", "::1"}
_KNOWN = {"builder", "material", "mkdocs"}
"""Packages whose plugins are known to leave templates, and files once they are written, what they are."""
_DATA_LINK = re.compile(r'href="jixiao:([^"#]*)(#[^"]*)?"')


class PublisherOptions(Config):  # type: ignore[no-untyped-call]  # MkDocs' base class is untyped
    """What the site must say of whoever publishes it; see ``publisher.Publisher``."""

    host = config_options.Type(str, default="")
    contact = config_options.Type(str, default="")
    site_code = config_options.Type(str, default="")
    icp = config_options.Type(str, default="")
    police = config_options.Type(str, default="")
    domain = config_options.Type(str, default="")
    badge_url = config_options.Type(str, default="")
    report_url = config_options.Type(str, default="")


class Options(Config):  # type: ignore[no-untyped-call]  # MkDocs' base class is untyped
    """The plugin's options in mkdocs.yml."""

    targets = config_options.Type(str, default="targets")
    """Folder of the data, relative to mkdocs.yml."""
    schema = config_options.Type(str, default="")
    """Folder of the forms, relative to mkdocs.yml; empty for those installed with the program."""
    rules = config_options.Type(str, default=configuration.RULES_FILE)
    """The file that sets severities and thresholds of rules, relative to mkdocs.yml; it need not exist."""
    view_url = config_options.Type(str, default="")
    """Where a file can be read on the code host, with ``{path}``; empty for no link."""
    edit_url = config_options.Type(str, default="")
    """Where a file can be edited on the code host, with ``{path}``; empty for no link."""
    new_url = config_options.Type(str, default="")
    """Where a new file can be made on the code host, with its place
    and ``{text}``: ``{folder}``, ``{name}``, or both in ``{path}``."""
    office = config_options.Type(bool, default=True)
    """Whether each project's form is also written as Word, Excel and PDF."""
    notice = config_options.Type(str, default="")
    """What stands above every page and goes with the data, as that it is not real; empty for none."""
    data_licence = config_options.Type(str, default="")
    """Under which terms the data may be used: words or an address; empty is shown as not set."""
    publisher = config_options.SubConfig(PublisherOptions)
    """The items of the footer and the regulated meta elements."""


class JixiaoPlugin(BasePlugin[Options]):  # type: ignore[no-untyped-call]  # the same
    """Checks the data, lends MkDocs the frames, and has them filled."""

    prepared: Collection | None = None
    """The data, where it has been checked before MkDocs was started."""

    writes_pages = True
    """Whether the data pages are written; a preview fills them when they are asked for."""

    only_pages = False
    """Whether nothing but pages is written: no files to take away, no index, no manifest."""

    means: Means | None = None
    """By whom the work is done, where that was decided before MkDocs was started."""

    previous: str | None = None
    """The digest of the manifest that was published before."""

    spare: Spare | None = None
    """The site that was built before, from which files may be taken."""

    publication: Publication | None = None
    """What was published, after the build."""

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Check everything first: MkDocs empties the site folder right after this."""
        if not config.use_directory_urls:
            raise PluginError("mkdocs.yml 里的 use_directory_urls 须为 true（默认值）。")
        try:
            self.collection = self.prepared or _collect(self.config, Path(config.config_file_path).parent)
        except BuilderError as error:
            raise PluginError(str(error)) from error
        if self.prepared is None:
            _refuse_errors(self.collection.outcome)
        self.addresses: frozenset[str] | None = None
        self.frames: dict[int, frames.Frame] = {}
        self.hand_pages: list[HandPage] = []
        config.extra["publisher"] = {
            "notices": publisher.notices(self.publisher),
            "tags": publisher.site_tags(self.publisher, config.site_name),
            "notice": self.config.notice,
        }
        config.theme.dirs.insert(1 if config.theme.custom_dir else 0, str(THEME))
        _list_quickly(config)
        return config

    @property
    def publisher(self) -> publisher.Publisher:
        """What is configured about the publisher."""
        return publisher.Publisher(**self.config.publisher)

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Add the frame pages; they are rendered as every page is, and written nowhere."""
        for uri in _FRAME_FILES:
            if files.get_file_from_path(uri):
                raise PluginError(f"docs/{uri} 与自动生成的页面重名，请改名。")
            file = File.generated(config, uri, content=frames.frame_source())
            file.inclusion = InclusionLevel.NOT_IN_NAV
            files.append(file)
        return files

    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, files: Files) -> Navigation:
        """Put the years behind the home page, newest first, all indicators, and what can be downloaded."""
        del config, files
        years = self.collection.catalogue.years
        links = [Link(f"{year.year} 年度", address.year(year.year)) for year in years]
        links += [Link("全部指标", address.INDICATORS), Link("调整记录", address.CHANGES)]
        nav.items[1:1] = [*links, Link("下载", address.DATA), Link("填报", address.FILL)]
        return nav

    @event_priority(-100)
    def on_env(self, env: Environment, *, config: MkDocsConfig, files: Files) -> Environment:
        """Keep the theme's templates compiled, unless others' code may change what they mean."""
        del files
        if _is_ours(config):
            env.bytecode_cache = Compiled(env, fingerprint.of_program())
        return env

    def on_page_content(self, html: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
        """Give a frame its mark for the content, and a hand-written page its links to data pages."""
        del config, files
        if page.file.src_uri in _FRAME_FILES:
            # Where the theme's link past the header leads.
            page.toc = TableOfContents([AnchorLink("正文", "content", 1)])
            return frames.CONTENT
        html = _ALIGNMENT.sub(r'class="align-\1"', html)
        return _DATA_LINK.sub(lambda link: self._data_link(link, page), html)

    def on_post_page(self, output: str, *, page: Page, config: MkDocsConfig) -> str:
        """Keep a frame instead of writing it (MkDocs skips empty output), and note every other page."""
        del config
        output = _valid(output)
        if page.file.src_uri in _FRAME_FILES:
            self.frames[_FRAME_FILES[page.file.src_uri]] = frames.cut(output)
            return ""
        source = Path(page.file.abs_src_path) if page.file.abs_src_path else None
        self.hand_pages.append(HandPage(page.url, page.title or "", page.content or "", source))
        return output

    def on_post_template(self, output: str, *, template_name: str, config: MkDocsConfig) -> str:
        """The page for an address that leads nowhere is a template, not a page."""
        del config
        return _valid(output) if template_name.endswith(".html") else output

    def _fill(self, *, config: MkDocsConfig) -> None:
        """Fill the frames and write what goes with them."""
        settings = site.Settings(
            config.site_name,
            self.config.view_url,
            self.config.edit_url,
            licence=self.config.data_licence,
            notice=self.config.notice,
            office=self.config.office,
            offers=self._is_whole,
            feed=bool(config.site_url) and self._is_whole,
            new_url=self.config.new_url,
            folder=self.config.targets,
        )
        self.publication = Publication(
            self.collection,
            settings,
            self.frames,
            tuple(self.hand_pages),
            config.site_url or "",
            self._kit(config),
        )
        if self.writes_pages:
            with nullcontext(self.means) if self.means else modest() as means:
                folder = Path(config.site_dir)
                self.inventory = publish.write(self.publication, folder, means, self.spare)
            if log.isEnabledFor(logging.INFO):  # to count them takes a while
                number = sum(1 for _ in entries(self.collection.catalogue))
                log.info("写出 %d 个数据页面", number)

    @property
    def _is_whole(self) -> bool:
        return self.writes_pages and not self.only_pages

    def _kit(self, config: MkDocsConfig) -> engine.Kit | None:
        base = Path(config.config_file_path).parent
        python = engine.find(base)
        forms = base / self.config.schema if self.config.schema else schema.default_folder()
        return engine.Kit(python, forms, base / self.config.rules) if python else None

    @event_priority(-100)
    def _seal(self, *, config: MkDocsConfig) -> None:
        """Write the manifest, when every other plugin has written its files too."""
        if self.publication and self._is_whole:
            self.inventory.is_ours = _is_ours(config)
            seal.seal(self.publication, Path(config.site_dir), self.inventory, previous=self.previous)
            if self.spare:
                self.spare.note(self.inventory)

    on_post_build = CombinedEvent(_fill, _seal)

    def _data_link(self, link: re.Match[str], page: Page) -> str:
        target = unquote(unescape(link[1]))
        target = f"{target.rstrip('/')}/" if target else ""
        if self.addresses is None:  # most sites have no such link, and there may be very many pages
            self.addresses = frozenset(unquote(one.address) for one in entries(self.collection.catalogue))
        if target not in self.addresses:
            log.warning("%s 里的链接 jixiao:%s 没有对应的数据页面", page.file.src_uri, unquote(link[1]))
        return f'href="{address.root(page.url)}{quote(target)}{link[2] or ""}"'


class _ThemeLoader(FileSystemLoader):
    """The theme's files. Hidden ones, as ten thousand icons are, MkDocs leaves out after they were listed."""

    def list_templates(self) -> list[str]:
        """Every file but those in hidden folders, by its path from the theme's."""
        found: set[str] = set()
        for folder in self.searchpath:
            for walked, folders, names in os.walk(folder):
                folders[:] = [name for name in folders if not name.startswith(".")]
                inside = Path(walked).relative_to(folder).as_posix()
                found |= {name if inside == "." else f"{inside}/{name}" for name in names}
        return sorted(found)


def _list_quickly(config: MkDocsConfig) -> None:
    """Have MkDocs list the files of its theme in a fraction of the time."""
    theme = config.theme
    if "get_env" in vars(theme):  # another build by the same configuration
        return
    make = theme.get_env

    def get_env() -> Environment:
        made = make()
        made.loader = _ThemeLoader(theme.dirs)
        return made

    theme.get_env = get_env  # type: ignore[method-assign]


def _is_ours(config: MkDocsConfig) -> bool:
    """Whether no code takes part but this program's, the theme's and MkDocs' own."""
    makers = {type(plugin).__module__.partition(".")[0] for plugin in config.plugins.values()}
    return makers <= _KNOWN and not config.hooks


def _valid(html: str) -> str:
    """A page of the theme without the attributes that HTML does not allow."""
    return _INVALID.sub(lambda part: part[1] or part[2], html)


def _collect(options: Options, base: Path, means: Means | None = None) -> Collection:
    schemas = schema.load(base / options.schema if options.schema else schema.default_folder())
    return _collect_by(schemas, options, base, means)


def _collect_by(
    schemas: Schemas, options: Options, base: Path, means: Means | None, known: History | None = None
) -> Collection:
    settings = configuration.rules(base / options.rules)
    paths = [Path(options.targets)]
    collected = collect(paths, schemas, base=base, settings=settings, means=means)
    return with_history(collected, options.targets, known)


def _refuse_errors(outcome: report.Outcome) -> None:
    """Log what was found, so that MkDocs counts warnings under ``--strict``; errors end the build."""
    for problem in outcome.problems:
        log.log(_LEVELS[problem.severity], report.one_line(problem))
    if outcome.failed(strict=False):
        raise PluginError(f"数据有错误，没有生成网站，原有网站不受影响。{report.summary(outcome)}")


@frozen()
class Prepared:
    """A configuration read and its data checked, ready to be built."""

    config: MkDocsConfig
    plugin: JixiaoPlugin
    collection: Collection

    @property
    def folder(self) -> Path:
        """The folder that the configuration publishes into."""
        return Path(self.config.site_dir)

    def checked_again(self, means: Means) -> Collection:
        """The data as it is now, with the configuration and the forms as they were."""
        before, options = self.collection, self.plugin.config
        return _collect_by(before.schemas, options, before.base, means, before.history)

    def unready(self) -> tuple[str, ...]:
        """What a release lacks, in words for the user."""
        lacking = [f"publisher 里没有“{label}”" for label in publisher.missing(self.plugin.publisher)]
        if not self.config.site_url or urlsplit(self.config.site_url).hostname in _LOCAL:
            lacking.append("site_url 不是公开的网址")
        return tuple(lacking)

    def build(
        self,
        folder: Path,
        *,
        pages: bool = True,
        only_pages: bool = False,
        means: Means | None = None,
        previous: str | None = None,
        spare: Spare | None = None,
    ) -> Publication:
        """Render everything into ``folder``; without ``pages`` all but the data pages and the manifest.

        ``only_pages``: nothing beside pages; ``previous``: the digest of the manifest published before;
        ``spare``: the site that was built before.

        Raises:
            SpoiltError: what was kept is not as it was written.
            BuilderError: MkDocs gave up, or met a warning under ``strict``.
        """
        self.config.site_dir = str(folder)
        self.plugin.prepared = self.collection
        self.plugin.writes_pages = pages
        self.plugin.only_pages = only_pages
        self.plugin.means = means
        self.plugin.previous = previous
        self.plugin.spare = spare
        try:
            mkdocs_build(self.config)
        except Abort as error:
            raise BuilderError(f"有警告，按 --strict 的要求停下了（{error}）。") from error
        except PluginError as error:
            raise BuilderError(str(error)) from error
        if self.plugin.publication is None:
            raise BuilderError("MkDocs 没有走完构建。")
        return self.plugin.publication


def prepare(config_file: Path, *, strict: bool = False, means: Means | None = None) -> Prepared:
    """Read mkdocs.yml and check the data; whether the check failed is the caller's to ask.

    ``means`` as in ``collection.collect``.

    Raises:
        BuilderError: the configuration is wrong or the data cannot be read.
    """
    if not config_file.is_file():
        raise BuilderError(f"找不到配置文件“{config_file}”：请到项目根目录下运行。")
    try:
        config = load_config(str(config_file), strict=strict or None)
    except (Abort, ConfigurationError) as error:
        raise BuilderError(f"“{config_file}”写得不对：{error}") from error
    plugin = config.plugins.get("jixiao")
    if not isinstance(plugin, JixiaoPlugin):
        raise BuilderError(f"“{config_file}”的 plugins 里没有 jixiao。")
    return Prepared(config, plugin, _collect(plugin.config, config_file.resolve().parent, means))
