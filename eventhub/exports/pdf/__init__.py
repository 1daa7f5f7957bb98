"""Tagged PDF documents, one Typst file beside each module."""
