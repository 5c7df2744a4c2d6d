"""Groups of commands, with what each does told whole."""

import click

LONGEST = 10_000


class Group(click.Group):
    """A group whose help has the first sentence of each command, whole: a cut one says nothing."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands."""
        found = ((name, self.get_command(ctx, name)) for name in self.list_commands(ctx))
        with formatter.section("Commands"):
            formatter.write_dl([(name, one.get_short_help_str(LONGEST)) for name, one in found if one])
