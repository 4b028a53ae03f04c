using OrleansLb.Silo.Manifests;

namespace OrleansLb.Silo.Status;

/// <summary>What a migration finds, for scripts: <c>orleanslb migrate --output json</c>.</summary>
/// <param name="Ok">Nothing is refused, and every service keeps what it has.</param>
/// <param name="Unserved">Services whose class is somebody else's.</param>
internal sealed record MigrationView(bool Ok, IReadOnlyList<string> Objects, IReadOnlyList<ProblemView> Problems, IReadOnlyList<OutlookView> Services,
    IReadOnlyList<string> Unserved)
{
    public static MigrationView Of(Migration migration) => new(
        migration.IsSafe,
        [.. migration.Objects.Select(source => (source with { File = null }).ToString())],
        [.. migration.Problems.Select(ProblemView.Of)],
        [.. migration.Services.Select(OutlookView.Of)],
        [.. migration.Others.Select(service => service.ToString())]);
}
