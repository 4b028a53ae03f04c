using System.Net;
using OrleansLb.Silo.Lab.Routers;

namespace OrleansLb.Silo.Lab.Processes;

/// <summary>What the lab of processes is told besides the story and the number of nodes.</summary>
/// <param name="Rounds">How many rounds the scenario kill-loop has.</param>
/// <param name="Seed">What its choices follow from; null: from the clock.</param>
/// <param name="Logs">The folder in which all that the nodes' processes log is kept, a file for each node; null: it is not.</param>
/// <param name="Http">Where the lab itself and its spectators reach the API.</param>
/// <param name="Router">Which routing daemon runs on the router, in the scenarios that have one.</param>
internal sealed record ProcessSettings(int Rounds, int? Seed, string? Logs, IPEndPoint Http, RouterKind Router);
