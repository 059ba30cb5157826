"""How to open the exports with the tools at hand: shown on the page and in the manual, run by the tests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

# Stands for the address of the site in every recipe.
SITE = "{site}"


@dataclass(frozen=True, slots=True)
class Recipe:
    """One tool: what it is called, the language of the text, the text, and what to know before."""

    tool: str
    language: str
    text: str
    hint: str = ""

    def of(self, site: str) -> str:
        """The text for the site at this address."""
        return self.text.replace(SITE, site)


RECIPES = (
    Recipe(
        "Python, geopandas",
        "python",
        "import geopandas\n"
        'incidents = geopandas.read_file("{site}/exports/incidents.gpkg", layer="incidents")\n'
        'reports = geopandas.read_file("{site}/exports/incidents.gpkg", layer="reports")',
    ),
    Recipe(
        "Python, pyogrio",
        "python",
        "import pyogrio\n"
        'disputed = pyogrio.read_dataframe("{site}/exports/incidents.fgb", where="status = \'disputed\'")',
    ),
    Recipe(
        "R, sf",
        "r",
        'incidents <- sf::st_read("{site}/exports/incidents.geojson")',
    ),
    Recipe(
        "DuckDB",
        "sql",
        "SELECT category, count(*) AS incidents FROM 'incidents.parquet'\n"
        "GROUP BY category ORDER BY incidents DESC;",
        "On the downloaded file; by address after INSTALL httpfs.",
    ),
    Recipe(
        "GDAL",
        "sh",
        'ogr2ogr incidents.gpkg "{site}/exports/incidents.geojson"',
    ),
    Recipe(
        "QGIS",
        "text",
        "{site}/exports/incidents.fgb",
        "Layer, Add Layer, Add Vector Layer, Protocol HTTP(S): put this address. The one of GeoJSON opens "
        "too, but QGIS 3.22 cannot save its columns that are lists.",
    ),
    Recipe(
        "Excel",
        "text",
        "{site}/exports/incidents.csv?bom=true",
        "Download and open this one: it begins with a mark that tells Excel the letters are UTF-8.",
    ),
    Recipe(
        "curl",
        "sh",
        'curl --output crisis.csv "{site}/exports/incidents.csv?datetime=2019-08-24/2019-10-31"',
    ),
    Recipe(
        "sha256sum",
        "sh",
        'curl --remote-name "{site}/exports/incidents.geojson"\n'
        'curl "{site}/exports/checksums.txt" | sha256sum --check --ignore-missing',
    ),
)


def page(site: str) -> Iterator[str]:
    """The recipes as Markdown, line by line."""
    yield "# Recipes\n"
    yield "One for each tool; the tests run them. What the filters of the map leave comes with the same query"
    yield "after the address, as in the one for curl.\n"
    for each in RECIPES:
        yield f"## {each.tool}\n"
        if each.hint:
            yield f"{each.hint}\n"
        yield f"```{each.language}\n{each.of(site)}\n```\n"
