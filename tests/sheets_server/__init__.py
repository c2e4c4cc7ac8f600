"""Google Sheets, Drive and the token endpoint as far as Ruang Rakyat uses them, on this machine.

`model` is a spreadsheet and its requests without any HTTP; `server` puts it behind the addresses, the words and the
limits of Google; `proxy` lets an unmodified program reach it through ``HTTPS_PROXY``.
"""
