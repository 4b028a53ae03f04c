using OrleansLb.Silo.Lab.Story;

namespace OrleansLb.Silo.Lab.Processes;

/// <summary>What the story of the processes with a router found.</summary>
/// <param name="Router">The daemon and its version.</param>
/// <param name="ServedMs">From the creation of the first Service until the router's kernel had each by way of every node that is to announce it.</param>
internal sealed record RouterReport(string Router, int Services, double ServedMs, IReadOnlyList<RouterFault> Faults);

/// <summary>A fault of one node, and what the router and the clients behind it saw of it.</summary>
/// <param name="Routes">How many of the node's routes the router had before.</param>
/// <param name="GoneMs">From the fault until the router's kernel sent nothing to the node any more; null: it went on, as it should.</param>
/// <param name="BackMs">From the moment at which the fault was taken back until all of the node's routes were there again; null: they never went.</param>
/// <param name="Bare">How often a prefix had no next hop in the router's kernel, from the fault until all was well again.</param>
/// <param name="RecoveredMs">From the fault until the last request that was lost was given up; 0: none was.</param>
internal sealed record RouterFault(string Fault, string Node, int Routes, double? GoneMs, double? BackMs, int Bare, double RecoveredMs, RequestCount Requests);
