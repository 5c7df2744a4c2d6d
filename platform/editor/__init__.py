"""The language server: what an editor shows while somebody writes definitions, over LSP."""
