namespace OrleansLb.Speaker.Tests.Bgp.Interop;

/// <summary>A route as a router shows it, in one form for all of them.</summary>
/// <param name="LocalPref">Null where the router shows none, as many do for external routes.</param>
internal sealed record SeenRoute(string AsPath, string NextHop, uint? Med, uint? LocalPref, string Communities, string LargeCommunities);
