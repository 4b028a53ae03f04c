using OrleansLb.Api.Tests.FieldOwnership;
using OrleansLb.Api.Tests.Fixtures;
using OrleansLb.Api.Tests.Rest;
using OrleansLb.Api.Tests.Watches;

namespace OrleansLb.Api.Tests.InProcess;

/// <summary>What holds for requests that come by a socket holds within the process.</summary>
public sealed class InProcessRequestTests(InProcessApiFixture api) : RequestTests(api), IClassFixture<InProcessApiFixture>;

/// <inheritdoc cref="InProcessRequestTests"/>
public sealed class InProcessLifecycleTests(InProcessApiFixture api) : ObjectLifecycleTests(api), IClassFixture<InProcessApiFixture>;

/// <inheritdoc cref="InProcessRequestTests"/>
public sealed class InProcessListTests(InProcessApiFixture api) : ListTests(api), IClassFixture<InProcessApiFixture>;

/// <inheritdoc cref="InProcessRequestTests"/>
public sealed class InProcessWatchTests(InProcessApiFixture api) : WatchTests(api), IClassFixture<InProcessApiFixture>;

/// <inheritdoc cref="InProcessRequestTests"/>
public sealed class InProcessApplyTests(InProcessApiFixture api) : ServerSideApplyTests(api), IClassFixture<InProcessApiFixture>;
