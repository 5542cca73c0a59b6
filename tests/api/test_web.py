"""The web: when it is built, what is served, what a reader is told when it is not there."""

import gzip
import sys
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from tunix_rt.api import building, web
from tunix_rt.kit.errors import Broken, MissingExtra

INDEX = "<!doctype html><title>Tunix RT</title>"
SCRIPT = "console.log(1)\n" * 100


@pytest.fixture
def static(tmp_path: Path) -> Path:
    """A built web, as small as one can be."""
    folder = tmp_path / "static"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text(INDEX, "utf-8")
    (folder / "assets" / "index-abc.js").write_text(SCRIPT, "utf-8")
    (folder / "assets" / "index-abc.js.gz").write_bytes(gzip.compress(SCRIPT.encode()))
    (folder / "theme.js").write_text("1", "utf-8")
    (folder / ".stamp").write_text("secret", "utf-8")
    (tmp_path / "outside.txt").write_text("outside", "utf-8")
    return folder


@pytest.fixture
def client(static: Path) -> TestClient:
    return TestClient(web.site(static), base_url="http://localhost")


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """The sources of a web whose build needs no network: npm runs one script."""
    folder = tmp_path / "web"
    (folder / "src").mkdir(parents=True)
    (folder / "package.json").write_text('{"name": "w", "scripts": {"build": "true"}}', "utf-8")
    (folder / "package-lock.json").write_text("{}", "utf-8")
    (folder / "src" / "main.ts").write_text("1", "utf-8")
    return folder


@pytest.fixture
def fake_npm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A node and an npm of our own on the PATH; the folder to write others into."""
    tools = tmp_path / "tools"
    tools.mkdir()
    tool(tools, "node", "print('v20.19.1')")
    tool(tools, "npm", BUILD)
    monkeypatch.setenv("PATH", str(tools))
    return tools


BUILD = """
with open("calls.txt", "a") as calls:
    calls.write(" ".join(sys.argv[1:]) + "\\n")
if sys.argv[1] == "ci":
    pathlib.Path("node_modules").mkdir(exist_ok=True)
else:
    pathlib.Path("dist/.vite").mkdir(parents=True, exist_ok=True)
    pathlib.Path("dist/index.html").write_text("built")
"""


def tool(folder: Path, name: str, body: str) -> None:
    """An executable that runs `body`."""
    file = folder / name
    file.write_text(f"#!{sys.executable}\nimport pathlib, sys\n{body}\n", "utf-8")
    file.chmod(0o755)


def calls(sources: Path) -> list[str]:
    log = sources / "calls.txt"
    found = log.read_text("utf-8").splitlines() if log.is_file() else []
    log.unlink(missing_ok=True)  # it lies among the sources and would change their digest
    return found


def test_every_address_is_drawn_by_the_index_under_the_strict_policy(client: TestClient) -> None:
    for path in ("/", "/traces", "/runs/0198?step=2", "/datasets/a.b-v1"):
        answer = client.get(path)

        assert (answer.status_code, answer.text) == (200, INDEX)
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert answer.headers["cache-control"] == "no-cache"
        policy = answer.headers["content-security-policy"]
        assert "script-src 'self';" in policy
        assert "unsafe-eval" not in policy
        assert policy.count("'unsafe-inline'") == policy.count("style-src-attr 'unsafe-inline'")


def test_an_asset_is_kept_for_a_year_and_comes_packed_to_those_who_can_unpack(
    client: TestClient,
) -> None:
    packed = client.get("/assets/index-abc.js", headers={"accept-encoding": "gzip"})
    plain = client.get("/assets/index-abc.js", headers={"accept-encoding": "identity"})

    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.text == plain.text == SCRIPT
    assert int(packed.headers["content-length"]) < int(plain.headers["content-length"])
    assert packed.headers["vary"] == "accept-encoding"
    assert packed.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert packed.headers["content-type"].startswith("text/javascript")


def test_a_missing_asset_is_missing_and_never_the_index(client: TestClient) -> None:
    assert client.get("/assets/index-old.js").status_code == 404


def test_head_is_answered_without_a_body(client: TestClient) -> None:
    answer = client.head("/traces")

    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-length"] == str(len(INDEX))


def test_what_the_browser_has_already_is_not_sent_again(client: TestClient) -> None:
    first = client.get("/")

    again = client.get("/", headers={"if-none-match": first.headers["etag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["content-security-policy"] == web.POLICY


def test_inside_the_api_a_wrong_address_is_json_for_every_method(client: TestClient) -> None:
    for method in ("GET", "POST", "DELETE"):
        for path in ("/api", "/api/no/such", "/api/a%0Ab"):
            answer = client.request(method, path)

            assert answer.status_code == 404
            assert answer.json()["detail"].startswith("There is nothing at /api")


def test_the_web_is_only_read(client: TestClient) -> None:
    answer = client.post("/traces")

    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD"


@pytest.mark.parametrize(
    "path",
    [
        "/%2e%2e/outside.txt",  # the decoded form of ../
        "/assets/%2e%2e/%2e%2e/outside.txt",
        "/..%2foutside.txt",
        "/.stamp",  # hidden
        "/assets/../.stamp",
        "/nul%00byte",  # no file system takes it
    ],
)
def test_no_address_leads_out_of_the_built_web(client: TestClient, path: str) -> None:
    answer = client.get(path)

    assert "outside" not in answer.text
    assert "secret" not in answer.text
    assert answer.status_code in (200, 404)


def test_the_packed_twin_has_no_address_of_its_own(client: TestClient) -> None:
    assert client.get("/assets/index-abc.js.gz").status_code == 404


def test_without_a_built_web_a_page_says_how_to_get_it(tmp_path: Path) -> None:
    client = TestClient(web.site(tmp_path / "nothing"), base_url="http://localhost")

    page, style = client.get("/traces"), client.get("/not-built.css")

    assert page.status_code == 503
    assert "tunix-rt serve" in page.text
    assert "style=" not in page.text
    assert "<style" not in page.text
    assert "/not-built.css" in page.text
    assert style.headers["content-type"].startswith("text/css")
    assert client.get("/api/x").json()["detail"]


def test_the_whole_application_serves_the_web_beside_its_api(api: TestClient) -> None:
    assert api.get("/api/health").json() == {"status": "healthy"}
    assert api.get("/traces").headers["content-security-policy"] == web.POLICY
    assert api.get("/api/nothing").status_code == 404


def test_a_stale_web_is_built_and_a_current_one_is_left_alone(
    sources: Path, tmp_path: Path, fake_npm: Path
) -> None:
    static = tmp_path / "static"
    said: list[str] = []

    building.build(sources, static, said.append)
    first = calls(sources)
    building.build(sources, static, said.append)
    second = calls(sources)

    assert first == ["ci", "run build"]
    assert second == []
    assert (static / "index.html").read_text("utf-8") == "built"
    assert not (static / ".vite").exists()
    assert len(said) == 2


def test_a_changed_source_builds_again_without_installing_again(
    sources: Path, tmp_path: Path, fake_npm: Path
) -> None:
    static = tmp_path / "static"
    building.build(sources, static, print)
    calls(sources)

    (sources / "src" / "main.ts").write_text("2", "utf-8")
    building.build(sources, static, print)

    assert calls(sources) == ["run build"]


def test_what_is_not_a_source_does_not_make_the_web_stale(sources: Path) -> None:
    before = building.digest(sources)

    for folder in ("node_modules", "dist", "e2e", "test-results"):
        (sources / folder).mkdir()
        (sources / folder / "file").write_text("x", "utf-8")

    assert building.digest(sources) == before
    (sources / "src" / "main.ts").rename(sources / "src" / "other.ts")
    assert building.digest(sources) != before


def test_a_failed_build_says_what_npm_said_and_keeps_the_old_web(
    sources: Path, static: Path, fake_npm: Path
) -> None:
    tool(fake_npm, "npm", "print('no space left'); sys.exit(1)")

    with pytest.raises(Broken, match="no space left"):
        building.build(sources, static, print)

    assert (static / "index.html").read_text("utf-8") == INDEX


def test_without_node_or_with_an_old_one_the_reason_is_said(
    sources: Path, tmp_path: Path, fake_npm: Path
) -> None:
    tool(fake_npm, "node", "print('v18.20.4')")
    with pytest.raises(MissingExtra, match=r"v18\.20\.4 is too old"):
        building.build(sources, tmp_path / "static", print)

    (fake_npm / "node").unlink()
    with pytest.raises(MissingExtra, match="node is not installed"):
        building.build(sources, tmp_path / "static", print)


def test_serving_goes_on_when_the_web_cannot_be_built(
    sources: Path, tmp_path: Path, fake_npm: Path
) -> None:
    (fake_npm / "npm").unlink()
    said: list[str] = []

    building.ensure_built(said.append, sources=sources, static=tmp_path / "static")

    assert "node" in said[0]


def test_a_wheel_needs_no_sources_but_an_installation_without_either_says_so(
    static: Path, tmp_path: Path
) -> None:
    building.build(tmp_path / "no-sources", static, print)

    with pytest.raises(Broken, match="neither the web nor its sources"):
        building.build(tmp_path / "no-sources", tmp_path / "no-static", print)


def test_a_name_no_file_can_have_is_a_page_like_any_other(client: TestClient) -> None:
    assert client.get("/" + "a" * 300).text == INDEX
    assert client.get("/assets/" + "a" * 300).status_code == 404
