import pytest

from eventhub.exports.markdown import Section, prose


def test_headings_begin_under_the_h1_of_the_page_and_skip_no_level() -> None:
    made = prose("# Un\n\n### Trois\n\n## Deux\n\n# Autre *temps*\n")
    assert made.html == (
        '<h2 id="partie-un">Un</h2>\n'
        '<h3 id="partie-trois">Trois</h3>\n'
        '<h3 id="partie-deux">Deux</h3>\n'
        '<h2 id="partie-autre-temps">Autre <em>temps</em></h2>\n'
    )
    assert made.sections == (
        Section("partie-un", "Un"),
        Section("partie-autre-temps", "Autre temps"),
    )


def test_a_text_that_begins_low_begins_at_h2_all_the_same() -> None:
    assert prose("### La suite").html == '<h2 id="partie-la-suite">La suite</h2>\n'


def test_a_text_inside_a_part_of_a_page_begins_lower() -> None:
    assert prose("# Un\n\n## Deux\n\n### Trois", top=4).html == (
        '<h4 id="partie-un">Un</h4>\n<h5 id="partie-deux">Deux</h5>\n'
        '<h6 id="partie-trois">Trois</h6>\n'
    )


def test_two_parts_of_one_name_have_two_addresses() -> None:
    assert [section.id for section in prose("## Bilan\n\n## Bilan\n\n## Bilan").sections] == [
        "partie-bilan",
        "partie-bilan-2",
        "partie-bilan-3",
    ]


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;\n"),
        ("a <b onclick=x>b</b>", "<p>a &lt;b onclick=x&gt;b&lt;/b&gt;</p>\n"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>\n"),
        ("[x](data:text/html;base64,aaaa)", "<p>[x](data:text/html;base64,aaaa)</p>\n"),
        ("&lt;img src=x onerror=y&gt;", "<p>&lt;img src=x onerror=y&gt;</p>\n"),
    ],
)
def test_nothing_of_the_author_runs(text: str, html: str) -> None:
    made = prose(text).html
    assert made in {html, f"<p>{html.strip()}</p>\n"}


def test_a_picture_becomes_a_link_to_it() -> None:
    made = prose("![Le plan](https://example.org/plan.png)").html
    assert "<img" not in made
    assert 'href="https://example.org/plan.png"' in made


def test_links_promise_nothing_about_where_they_lead() -> None:
    assert prose("[le site](https://example.org) <mailto:a@example.org>").html == (
        '<p><a href="https://example.org" rel="noopener nofollow">le site</a> '
        '<a href="mailto:a@example.org" rel="noopener nofollow">mailto:a@example.org</a></p>\n'
    )


def test_a_table_scrolls_and_says_what_heads_its_columns() -> None:
    made = prose("| Quoi | Combien |\n|---|---:|\n| Jeux | 3 |\n").html
    assert made == (
        '<div class="table-scroll" role="region" aria-label="Tableau" tabindex="0">\n'
        '<table>\n<thead>\n<tr>\n<th scope="col">Quoi</th>\n'
        '<th scope="col" class="num">Combien</th>\n</tr>\n</thead>\n'
        '<tbody>\n<tr>\n<td>Jeux</td>\n<td class="num">3</td>\n</tr>\n</tbody>\n'
        "</table>\n</div>\n"
    )


def test_several_tables_are_numbered() -> None:
    table = "| a |\n|---|\n| b |\n\n"
    made = prose(table * 2).html
    assert 'aria-label="Tableau 1"' in made
    assert 'aria-label="Tableau 2"' in made


def test_the_first_paragraph_may_be_the_chapo() -> None:
    assert prose("Bonjour.\n\nSuite.", lead=True).html == (
        '<p class="lead">Bonjour.</p>\n<p>Suite.</p>\n'
    )
    assert prose("## Titre\n\nSuite.", lead=True).html.endswith("<p>Suite.</p>\n")


def test_french_signs_keep_to_the_word_before_them() -> None:
    assert prose("Quoi ? « Oui » : 50 % ! `a ; b` 1 :2").html == (
        "<p>Quoi&nbsp;? «&nbsp;Oui&nbsp;»&nbsp;: 50&nbsp;%&nbsp;! <code>a ; b</code> 1 :2</p>\n"
    )


def test_nothing_is_nothing() -> None:
    assert prose("").html == ""
    assert prose("").sections == ()


def test_a_long_hostile_text_is_quick() -> None:
    for hostile in ("[" * 20_000, "*a " * 20_000, "> " * 5_000, "`" * 50_000, "|" * 30_000):
        prose(hostile)
