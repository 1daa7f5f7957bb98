"""A contract for import-linter that its own types cannot say."""

import sys

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class StandardLibraryOnly(Contract):
    """The modules named, and those inside them, import only each other and the standard library."""

    type_name = "standard_library_only"

    modules = fields.SetField(subfield=fields.ModuleField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """List every direct import of something else."""
        roots = {module.name for module in self.modules}  # type: ignore[attr-defined]  # a Field
        inside = roots.union(*(graph.find_descendants(root) for root in roots))
        strays = sorted(
            f"{importer} -> {imported}"
            for importer in inside
            for imported in graph.find_modules_directly_imported_by(importer) - inside
            if imported.partition(".")[0] not in sys.stdlib_module_names
        )
        output.verbose_print(verbose, f"{len(inside)} modules looked at")
        return ContractCheck(kept=not strays, metadata={"strays": strays})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Print one line per import."""
        for stray in check.metadata["strays"]:
            output.print_error(stray)
