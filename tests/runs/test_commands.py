from click.testing import CliRunner

from tunix_rt.runs.commands import app


def test_a_status_that_is_none_is_refused_with_those_there_are() -> None:
    done = CliRunner().invoke(app, ["list", "--status", "nosuch"])

    assert done.exit_code == 2
    assert "'pending'" in done.output
