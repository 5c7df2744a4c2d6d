"""`kantoor filing fact`, typed in an office that runs: what hangs on a fact follows at once."""


def test_a_fact_is_recorded_corrected_and_shown_and_what_hangs_on_it_follows(town, kantoor):
    filing = town.begun(template="naheffing")
    fact = ("filing", "fact", filing.name)

    def page():
        return kantoor("filing", "show", filing.name)[1].splitlines()

    def row(*words):
        return kantoor(*words, "--relation", filing.relation)[1].splitlines()[1]

    assert "  Bezwaar maken: nog niet bekend" in page()
    assert "  dagtekening: Dagtekening: nog niet bekend" in page()
    assert row("filing", "list").endswith("nog niet bekend")
    (line,) = (
        one for one in kantoor.json("work", "--as", "sanne") if one["filing"].endswith(f"{filing.name}/-/1")
    )
    assert (line["deadline"], line["deadline_unknown"]) == (None, True)
    assert line["missing"] == [
        "gegeven dagtekening ('Dagtekening')",
        "gegeven bedrag ('Bedrag van de naheffing')",
    ]

    assert kantoor(*fact, "dagtekening", "30-01-2026", "--as", "sanne") == (
        0,
        "Vastgelegd: dagtekening\n",
        "",
    )
    assert "  Bezwaar maken: 13 maart 2026" in page()
    assert row("filing", "list").endswith("13 maart 2026")
    assert kantoor.refused("fact_unchanged", *fact, "dagtekening", "2026-01-30", "--as", "sanne") == (
        "'Dagtekening' is al vastgelegd als 30 januari 2026."
    )
    kantoor.refused("reason_missing", *fact, "dagtekening", "29-01-2026", "--as", "sanne")
    assert kantoor.hint == "Geef op: --reason TEXT."
    for far, how in (("2027-06-01", "vooruit"), ("2024-06-01", "terug")):
        said = kantoor.refused("far_day", *fact, "dagtekening", far, "--as", "sanne")
        assert said.endswith(f"ligt meer dan een jaar {how}. Klopt het jaar?")
    assert kantoor.hint == "Is dit zo bedoeld, voeg dan --anyway toe."
    kantoor.refused("wrong_value", *fact, "dagtekening", "30-01-1926", "--anyway", "--as", "sanne")
    kantoor.refused("wrong_value", *fact, "bedrag", "12.50", "--as", "sanne")
    assert kantoor(*fact, "Bedrag van de naheffing", "1.234,56", "--as", "sanne")[0] == 0
    assert kantoor("filing", "complete", filing.name, "--as", "sanne")[0] == 0

    filing.until_in("beoordelen")
    filing.until(lambda _: bool(town.mail(filing.relation)))
    (mail,) = town.mail(filing.relation)
    assert mail.subject == "Naheffing van 30 januari 2026"
    assert "De naheffing is €\u00a01.234,56. Bezwaar kan tot en met 13 maart 2026." in mail.text
    words = (*fact, "dagtekening", "2026-02-02", "--reason", "Staat op de aanslag", "--as", "ruud")
    assert kantoor(*words)[0] == 0
    assert kantoor(*fact, "oordeel", "De naheffing is onjuist", "--as", "ruud")[0] == 0
    assert kantoor("filing", "complete", filing.name, "--as", "ruud")[0] == 0
    filing.until_in("bezwaar")
    lines = page()
    for said in (
        "  Bezwaar maken: 16 maart 2026",
        "  afronden: Afronden (nog niet begonnen, begint op 4 februari 2026)",
        "  bedrag: Bedrag van de naheffing: €\u00a01.234,56 (sanne, 3 februari 2026 09:00)",
        "  dagtekening: Dagtekening: 2 februari 2026"
        " (ruud, 3 februari 2026 09:00, gecorrigeerd: Staat op de aanslag)",
        "  2026-02-03 09:00  Ruud Smit: Gegeven 'Dagtekening' gecorrigeerd van 30 januari 2026"
        " in 2 februari 2026; reden: Staat op de aanslag",
        "  2026-02-03 09:00  Ruud Smit: Gegeven 'Oordeel' vastgelegd: De naheffing is onjuist",
    ):
        assert said in lines, "\n".join(lines)
    shown = kantoor.json("filing", "show", filing.name)["view"]["facts"]
    assert [(one["id"], one["value"]) for one in shown] == [
        ("dagtekening", "2026-02-02"),
        ("bedrag", 123456),
        ("oordeel", "onjuist"),
    ]
