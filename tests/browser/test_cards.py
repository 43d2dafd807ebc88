"""Cards with their faces, texts with live values and formatted tables, as people see, filter and make them."""

import re

import pytest
import yaml
from playwright.async_api import Locator, expect

from domain.card_tile import CardLayout
from tests.browser.conftest import OpenVisit
from tests.browser.demo import Demo, Visit
from tests.browser.test_accessibility import both
from tests.browser.test_downloads import content, taken

OF = {"data_collection_tag": "penguins_complete"}
NEEDED = {"coverage_max": 6000, "threshold_value": 4000, "trend_col": "year", "breakdown_col": "species"}
FORMATS = [
    {
        "column": "body_mass_g",
        "label": "Mass",
        "thousands": True,
        "unit": "g",
        "bar": True,
        "total": "mean",
        "decimals": 0,
    },
    {"column": "sex", "rules": [{"when": "=", "value": "female", "color": "accent"}]},
]
WORDS = "**{{count()}}** penguins, {{mean(body_mass_g): 0 g}}; {{avrage(x)}}.\n\n{{count() by island}}\n"
TITLE = "Faces"
THIN = "\N{NARROW NO-BREAK SPACE}"


def board() -> str:
    """A dashboard file with a card of every layout, a text and a table."""
    cards = [
        {
            "tag": str(layout), "component_type": "card", "title": layout.replace("_", " "), **OF, "unit": "g",
            "column_name": "body_mass_g", "aggregation": "average", "decimals": 0, "secondary_layout": str(layout),
            "aggregations": ["median", "std_dev"], "attrition_cols": ["flipper_length_mm"], "compare": True, **NEEDED,
            "layout": {"x": 2 * (number % 4), "y": 2 * (number // 4), "w": 2, "h": 2},
        }
        for number, layout in enumerate(CardLayout)
    ]  # fmt: skip
    species = {
        "tag": "species", "component_type": "interactive", "interactive_component_type": "MultiSelect",
        "title": "Species", **OF, "column_name": "species",
    }  # fmt: skip
    long = {
        "tag": "long", "component_type": "card", "title": "Long", **OF, "unit": "g", "column_name": "body_mass_g",
        "aggregation": "average", "decimals": 10, "layout": {"x": 6, "y": 8, "w": 2, "h": 2},
    }  # fmt: skip
    text = {"tag": "words", "component_type": "text", "title": "Words", **OF, "body": WORDS, "layout": {"y": 8}}
    table = {
        "tag": "rows", "component_type": "table", "title": "Rows", **OF, "formats": FORMATS,
        "columns": ["individual_id", "sex", "body_mass_g"], "sort": [{"column": "body_mass_g", "descending": True}],
        "layout": {"x": 0, "y": 12, "w": 8, "h": 4},
    }  # fmt: skip
    return yaml.safe_dump({"title": TITLE, "components": [species, *cards, long, text, table]}, allow_unicode=True)


async def opened(demo: Demo, visit: OpenVisit, **options: object) -> Visit:
    """The dashboard, imported by whoever comes first."""
    there = await visit(demo.admin, **options)
    await there.go("/dashboards")
    if not await there.page.locator(".dp-card-link", has_text=TITLE).count():
        await there.go("/projects")
        await there.page.locator(".dp-card-link", has_text="Palmer penguins").click()
        await there.page.wait_for_url(re.compile(r"/projects/\w+$"))
        token = await there.page.locator("[name=_csrf_token]").first.get_attribute("value")
        fields = {"text": board(), "_csrf_token": token or ""}
        answer = await there.page.context.request.post(f"{there.page.url}/dashboards/import", multipart=fields)
        assert answer.ok
    await there.open_dashboard(TITLE)
    return there


def face(there: Visit, layout: CardLayout) -> Locator:
    return there.tile(layout.replace("_", " ")).locator(".card-face")


async def test_every_layout_is_drawn_and_follows_the_filters(demo: Demo, visit: OpenVisit) -> None:
    """Each says what it shows; only what lies on the axes of the whole table stays where it is."""
    there = await opened(demo, visit)
    before = {layout: await face(there, layout).get_attribute("aria-label") for layout in CardLayout}
    assert all(before.values())
    assert len({await face(there, layout).get_attribute("data-look") for layout in CardLayout}) == len(CardLayout)
    await there.choose("Species", "Gentoo")
    await expect(there.tile("vertical").locator(".tile-number-value")).to_have_text(f"5{THIN}076")
    await there.settled()
    after = {layout: await face(there, layout).get_attribute("aria-label") for layout in CardLayout}
    assert [layout for layout in CardLayout if before[layout] == after[layout]] == []
    await expect(there.tile("vertical").locator(".card-delta")).to_have_attribute(
        "aria-label", re.compile(rf"^21{THIN}% more than all rows, which have 4{THIN}202 g$")
    )
    await expect(face(there, CardLayout.DONUT).locator(".card-ring-text")).to_have_text("1")


async def test_no_digit_of_a_long_number_is_cut(demo: Demo, visit: OpenVisit) -> None:
    """Its type is smaller, and all of it is said when pointed at; short numbers keep their size."""
    there = await opened(demo, visit)
    size = "(one) => parseFloat(getComputedStyle(one).fontSize)"
    long = there.tile("Long").locator(".tile-number-value")
    short = there.tile("vertical").locator(".tile-number-value")
    await expect(long).to_have_text(f"4{THIN}201.7543859649")
    await expect(long).to_have_attribute("title", f"4{THIN}201.7543859649 g")
    assert not await long.evaluate("(one) => one.scrollWidth > one.clientWidth")
    assert 12 <= await long.evaluate(size) < await short.evaluate(size)
    assert await short.get_attribute("title") is None


async def test_live_values_follow_the_filters_and_say_what_is_wrong(demo: Demo, visit: OpenVisit) -> None:
    """In their places; the table of groups as well."""
    there = await opened(demo, visit)
    text = there.tile("Words").locator(".tile-text")
    await expect(text).to_contain_text(re.compile(r"342 penguins, 4.202.g;"))
    await expect(text).to_contain_text("there is no aggregation 'avrage'; did you mean average?")
    await expect(text.locator("tbody tr")).to_have_text(
        [re.compile("Biscoe.*167"), re.compile("Dream"), re.compile("Torg")]
    )
    await there.choose("Species", "Gentoo")
    await expect(text).to_contain_text("123 penguins")
    await expect(text.locator("tbody tr")).to_have_text([re.compile("Biscoe.*123")])


async def test_a_table_is_formatted_sorted_and_totalled(demo: Demo, visit: OpenVisit) -> None:
    """The total follows the filters; a heading sorts anew."""
    there = await opened(demo, visit)
    table = there.tile("Rows")
    await table.scroll_into_view_if_needed()
    first = table.locator('.ag-center-cols-container [row-index="0"] [col-id="body_mass_g"]')
    await expect(first).to_have_text(f"6{THIN}300\N{NO-BREAK SPACE}g")
    assert "linear-gradient" in (await first.get_attribute("style") or "")
    drawing = (await content(await taken(there, "Rows", "Picture (SVG)"))).decode()
    assert len(re.findall(r'<rect [^>]*fill="rgb\([\d, ]+\)" fill-opacity="0\.26"', drawing)) > 2, "the bars as well"
    total = table.locator('.ag-floating-bottom [col-id="body_mass_g"]')
    await expect(total).to_have_text(f"mean 4{THIN}202\N{NO-BREAK SPACE}g")
    await there.choose("Species", "Adelie")
    await expect(total).to_have_text(f"mean 3{THIN}701\N{NO-BREAK SPACE}g")
    await table.get_by_role("columnheader", name="Mass").get_by_text("Mass").click()
    await expect(first).not_to_have_text(f"4{THIN}775\N{NO-BREAK SPACE}g")
    female = table.locator('.ag-center-cols-container [col-id="sex"]', has_text=re.compile("^female$")).first
    assert "--dp-accent-ink" in (await female.get_attribute("style") or "")


async def test_a_card_and_a_format_are_made_with_the_keyboard(demo: Demo, visit: OpenVisit) -> None:
    """Fields that a layout does not need are hidden; the preview draws the face; a format is stored."""
    there = await opened(demo, visit)
    await there.open_editor()
    page = there.page
    await page.get_by_role("button", name="Add a tile").click()
    await page.get_by_role("button", name="Card one number").press("Enter")
    await page.locator(".preview .tile-number-value").wait_for()
    await expect(page.get_by_label("Limit", exact=True)).to_be_hidden()
    layout = page.get_by_role("textbox", name="Below the number")
    await layout.focus()
    await page.keyboard.press("Enter")
    await page.get_by_role("option", name="threshold", exact=True).click()
    await page.get_by_label("Limit", exact=True).fill("45")
    await expect(page.locator('.preview .card-face[data-look="threshold"]')).to_be_visible()
    await page.get_by_role("button", name="Add to the dashboard").press("Enter")
    made = there.tile("bill_length_mm (mean)").locator(".card-face")
    await expect(made).to_have_attribute("aria-label", re.compile(r"pass \(≥ 45\)"))

    await page.get_by_role("button", name="Edit the tile Rows").press("Enter")
    fold = page.locator(".formats-fold", has_text="body_mass_g")
    await fold.locator("summary").press("Enter")
    await fold.get_by_label("Unit").fill("grams")
    cell = page.locator('.preview .ag-center-cols-container [row-index="0"] [col-id="body_mass_g"]')
    await expect(cell).to_have_text(f"6{THIN}300\N{NO-BREAK SPACE}grams")
    await page.locator(".formats-new").select_option("individual_id")
    await expect(page.locator(".formats-fold[open]", has_text="individual_id").get_by_label("Heading")).to_be_focused()

    await fold.get_by_role("button", name="Add a rule").press("Enter")
    when = fold.get_by_label("When the value is").last
    await expect(when).to_be_focused()
    await when.select_option("missing")
    await expect(when).to_be_focused()
    await fold.get_by_role("button", name="Remove the rule").last.press("Enter")
    await expect(fold.get_by_role("button", name="Add a rule")).to_be_focused()
    await page.get_by_role("button", name="Remove the format of individual_id").press("Enter")
    await expect(page.locator(".formats-new")).to_be_focused()


async def test_cards_texts_and_tables_have_no_serious_findings(demo: Demo, visit: OpenVisit) -> None:
    """In both schemes, filtered, and in the form of a table."""
    there = await opened(demo, visit, color_scheme="dark", bypass_csp=True)
    await there.choose("Species", "Gentoo")
    await there.settled()
    assert await both(there) == []
    await there.open_editor()
    await there.page.get_by_role("button", name="Edit the tile Rows").press("Enter")
    await there.page.locator(".formats-fold summary").first.press("Enter")
    assert await both(there) == []


@pytest.mark.parametrize("width", [390, 760, 2560])
async def test_faces_fit_their_cards(demo: Demo, visit: OpenVisit, width: int) -> None:
    """Nothing is wider than its card, from a phone to a wall."""
    there = await opened(demo, visit, size=(width, 900))
    script = """() => [...document.querySelectorAll('.card-face')].filter((face) => {
      const tile = face.closest('.tile').getBoundingClientRect();
      return face.scrollWidth > face.clientWidth + 1 || face.getBoundingClientRect().bottom > tile.bottom + 1;
    }).map((face) => face.dataset.look)"""
    assert await there.page.evaluate(script) == []
