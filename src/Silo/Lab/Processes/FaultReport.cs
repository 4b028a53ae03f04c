namespace OrleansLb.Silo.Lab.Processes;

/// <summary>One fault and what came of it. Times are milliseconds from the fault.</summary>
/// <param name="Addresses">How many addresses the faulty nodes had.</param>
/// <param name="FirstMs">Until the client heard the first gratuitous frame of a new holder.</param>
/// <param name="LastMs">Until the client had heard it for all of them.</param>
/// <param name="ContestMs">The longest time in which two answered for one address.</param>
internal sealed record FaultReport(string Fault, IReadOnlyList<string> Nodes, int Addresses, double FirstMs, double LastMs, double ContestMs);
