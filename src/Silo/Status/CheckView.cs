using OrleansLb.Silo.Manifests;

namespace OrleansLb.Silo.Status;

/// <summary>The result of a check, for scripts: <c>orleanslb check --json</c>.</summary>
internal sealed record CheckView(bool Ok, int Objects, int Errors, int Warnings, IReadOnlyList<ProblemView> Problems)
{
    public static CheckView Of(ConfigurationCheck check) => new(
        check.Errors == 0, check.Objects, check.Errors, check.Warnings,
        [
            .. check.Faults.Select(fault => new ProblemView(fault.Line > 0 ? $"{fault.File}:{fault.Line}" : fault.File, "", "", "error", fault.Message)),
            .. check.Problems.Select(ProblemView.Of),
        ]);
}
