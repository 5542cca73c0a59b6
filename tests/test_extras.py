import pytest

from tests.extras import loaded, needs


def test_what_is_missing_is_left_out_and_in_ci_it_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match=r"pip install 'tunix-rt\[none\]'"):
        needs("no_such_library", extra="none")

    monkeypatch.setenv("CI", "true")
    with pytest.raises(AssertionError, match="CI must have every extra"):
        loaded("no_such_library", extra="none")
    assert loaded("json", extra="none").dumps([]) == "[]"
