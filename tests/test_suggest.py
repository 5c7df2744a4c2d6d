"""What is said after a name that there is not."""

from kantoor.suggest import say_what_is_meant


def test_of_many_names_those_most_alike_are_said_and_how_many_more_there_are() -> None:
    names = {f"zaak {number}" for number in range(55)} | {f"fase {number}" for number in range(5)}
    said = say_what_is_meant("fzzsze", names)
    assert said == "Kies uit bijvoorbeeld: fase 0, fase 1, fase 2, fase 3, fase 4; er zijn er nog 55."
    assert say_what_is_meant("zzz", {"a", "b"}) == "Kies uit: a, b."
    assert say_what_is_meant("zzz", names, "") == ""
