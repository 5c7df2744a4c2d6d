"""`kantoor chat`, typed in an office that runs."""


def test_a_client_and_a_colleague_write_each_other(town, kantoor):
    filing = town.begun()
    client, here = ("--as", filing.client), ("--as", "marieke")
    kantoor.refused("unknown_person", "chat", "list", "--as", "niemand")
    words = ("chat", "write", filing.name, "Een vraag", *client, "--id", "v1")
    first, again = kantoor(*words)[1], kantoor(*words)[1]
    assert first.startswith("Geschreven aan ")
    assert again == first.replace("\n", " (was al gedaan)\n")
    assert filing.name in kantoor("chat", "list", *here)[1]
    shown = kantoor("chat", "show", filing.name, *here)[1]
    assert "1 ongelezen" in shown
    assert "    Een vraag" in shown
    assert kantoor("chat", "mark-read", filing.name, *here)[1] == "Gelezen\n"
    assert filing.name not in kantoor("chat", "list", *here)[1]
    kantoor.refused("unknown_contact", "chat", "write", filing.name, "x", "--to", "c-9999", *here)
    assert kantoor("chat", "write", filing.name, "Een antwoord", *here)[0] == 0, "there is one chat"
    assert filing.name in kantoor("chat", "list", *client)[1]
    assert "Een antwoord" in kantoor("chat", "show", filing.name, *client)[1]
    sister = kantoor("chat", "show", filing.name, "--as", f"z-{filing.relation}")[1]
    assert "Er is nog niets geschreven." in sister
    kantoor.refused("no_chat", "chat", "show", filing.name, "--as", f"c-{town.relation()}")
    assert kantoor("chat", "mark-read", filing.name, *client)[0] == 0
