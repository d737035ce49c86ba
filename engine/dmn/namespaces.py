"""XML namespaces of decision models, one per version of the standard."""

from __future__ import annotations

#: The namespace of the model, and the version of DMN it belongs to.
VERSIONS: dict[str, str] = {
    "http://www.omg.org/spec/DMN/20151101/dmn.xsd": "1.1",
    "http://www.omg.org/spec/DMN/20180521/MODEL/": "1.2",
    "https://www.omg.org/spec/DMN/20191111/MODEL/": "1.3",
    "https://www.omg.org/spec/DMN/20211108/MODEL/": "1.4",
    "https://www.omg.org/spec/DMN/20230324/MODEL/": "1.5",
}

#: What `expressionLanguage` and the prefix of a type may say for FEEL.
FEEL = frozenset(
    {
        "http://www.omg.org/spec/FEEL/20140401",
        "http://www.omg.org/spec/DMN/20180521/FEEL/",
        "https://www.omg.org/spec/DMN/20191111/FEEL/",
        "https://www.omg.org/spec/DMN/20211108/FEEL/",
        "https://www.omg.org/spec/DMN/20230324/FEEL/",
        "https://www.omg.org/spec/DMN/20240513/FEEL/",
        "https://www.omg.org/spec/FEEL/20140401",
    }
)

#: Drawings and extensions: read by editors, never executed.
DRAWINGS: tuple[str, ...] = ("/DMNDI/", "/DMN/20180521/DI/", "/DMN/20180521/DC/", "/DD/20100524/")
