"""A server for assistants (Model Context Protocol): they edit definitions under the same checks as people.

What it reads lies in the folder that it was given, or is shipped with kantoor; it writes nothing there. To
read `mcp` takes a second or more, so only the command `kantoor mcp` imports this package.
"""
