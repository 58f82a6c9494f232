"""The page's scripts keep out of each other's way."""

import pytest
from browser import launched

from ui.app import SCRIPTS, scoped_script


@pytest.fixture(scope="module")
def browser():
    with launched() as browser:
        yield browser


def test_the_scripts_add_one_name_to_the_page(browser):
    page = browser.new_page()
    wrong = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    before = page.evaluate("Object.getOwnPropertyNames(window)")
    for _ in range(2):  # a second time: a `const` or `let` that all scripts see would be an error then
        for name in SCRIPTS:
            page.add_script_tag(content=scoped_script(name))
    after = page.evaluate("Object.getOwnPropertyNames(window)")
    assert set(after) - set(before) == {"alliances"}
    assert page.evaluate("Object.keys(alliances)") == ["dialogOf", "placeLabels"]
    assert wrong == []
    page.close()
