from tests.verify.warned import given, warned


def test_a_tag_that_stays_open_is_named_where_it_begins() -> None:
    [warning] = warned("unclosed-thinking", given("so", "now <think> 3 + 4", "= 7"))

    assert (warning.step, warning.start, warning.end) == (1, 4, 11)


def test_a_tag_that_is_closed_later_is_fine() -> None:
    assert warned("unclosed-thinking", given("<think> 3 + 4", "= 7 </think>")) == []
    assert warned("unclosed-thinking", given("<think> 3 + 4", answer="</think> 7")) == []
    assert warned("unclosed-thinking", given("</think> 7", "a < b")) == []
