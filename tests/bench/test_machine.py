from tunix_rt.bench.machine import hardware


def test_the_hardware_has_a_name() -> None:
    found = hardware()

    assert found["cpu"]
    assert found["cores"] >= 1
