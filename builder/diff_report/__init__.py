"""Changes in words: for a terminal, a pull request (Markdown), a program (JSON) or a page (HTML)."""
