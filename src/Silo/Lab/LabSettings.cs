using System.Net;
using OrleansLb.Silo.Hosting;
using OrleansLb.Silo.Lab.Network;
using OrleansLb.Silo.Lab.Routers;
using OrleansLb.Silo.Lab.Story;

namespace OrleansLb.Silo.Lab;

/// <summary>How the lab is to be run.</summary>
/// <param name="Router">Which routing daemon runs on the router, in the scenario that has one.</param>
/// <param name="Memory">On the in-memory segment, whatever this machine allows.</param>
/// <param name="Keep">Leave it running at the end until it is cancelled.</param>
internal sealed record LabSettings(Scenario Scenario, LabPlan Plan, RouterKind Router, bool Memory, bool Keep, IPEndPoint Http, LogSettings Log);
