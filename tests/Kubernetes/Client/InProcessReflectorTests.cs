using Microsoft.AspNetCore.Http;

namespace OrleansLb.Kubernetes.Tests.Client;

/// <summary>Lists and watches that take no socket: what holds for the others holds for them.</summary>
public sealed class InProcessReflectorTests : ReflectorTests
{
    private protected override Task<TestApi> Serve(RequestDelegate answer) => TestApi.Start(answer, isWithin: true);
}
