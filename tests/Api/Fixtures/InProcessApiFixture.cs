using OrleansLb.Api.Hosting;

namespace OrleansLb.Api.Tests.Fixtures;

/// <summary>The same with a client that needs no socket.</summary>
public sealed class InProcessApiFixture : ApiFixture
{
    protected override HttpMessageHandler Handler(EmbeddedApi server) => server.CreateHandler();
}
