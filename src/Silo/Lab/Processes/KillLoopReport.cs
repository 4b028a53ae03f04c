namespace OrleansLb.Silo.Lab.Processes;

/// <summary>What became of the addresses while processes were killed at random.</summary>
/// <param name="Seed">What the choices of nodes and moments followed from.</param>
/// <param name="Created">How many Services were created.</param>
/// <param name="GivenTwice">How often two Services showed one address.</param>
/// <param name="Lost">How often a Service lost or changed the address that it had.</param>
/// <param name="SlowestMs">The longest time from a kill until each Service had its address and one announcer, with all nodes back.</param>
internal sealed record KillLoopReport(int Seed, int Rounds, int Kills, int Created, int Deleted, int GivenTwice, int Lost, double SlowestMs);
