from tests.curate.curating import reasons, seen


def test_bad_labels_and_wrong_rulings_drop_a_trace() -> None:
    traces = (seen(label="good"), seen(label="bad"), seen(), seen(ruling="wrong"))

    assert reasons("human", *traces) == [None, "labelled bad", None, "ruled wrong"]
    assert reasons("human", *traces, rulings=False)[3] is None


def test_only_good_labels_can_be_asked_for() -> None:
    traces = (seen(label="good"), seen(label="neutral"), seen(label="bad"), seen())

    said = reasons("human", *traces, keep="good")

    assert said == [None, "not labelled good", "labelled bad", "not labelled good"]
