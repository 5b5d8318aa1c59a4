"""Documents in: the forms in Word, Excel, HTML, text and PDF files as YAML that a person reviews.

``reader`` makes tables of merged cells of any file (``docx``, ``xlsx``, ``html``, ``text``, ``pdf``;
``office`` for the older formats), ``recognise`` finds the forms in them, ``write`` and ``report`` put them
into files. Nothing here builds a Project: ``jixiao check`` judges what was written, as it judges what a
person wrote.
"""
