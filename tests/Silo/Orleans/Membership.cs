using System.Collections.Immutable;
using System.Net;
using Orleans;
using Orleans.Runtime;

namespace OrleansLb.Silo.Tests.Orleans;

/// <summary>A membership of a test's making.</summary>
internal sealed class Membership : IClusterMembershipService, ILocalSiloDetails
{
    private readonly TaskCompletionSource _refreshedTwice = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _refreshes;

    public static SiloAddress Silo(int last, int generation = 1) => SiloAddress.New(new IPEndPoint(new IPAddress([192, 0, 2, (byte)last]), 11111), generation);

    public ClusterMembershipSnapshot CurrentSnapshot { get; set; } = Of();

    /// <summary>Done when somebody has read it for the second time: what the first reading led to has been done by then.</summary>
    public Task RefreshedTwice => _refreshedTwice.Task;

    /// <summary>What a reading fails with; null: it does not.</summary>
    public Exception? Fault { get; init; }

    public string Name => "node1";

    public string ClusterId => "test";

    public string DnsHostName => "node1";

    public SiloAddress SiloAddress { get; init; } = Silo(1);

    public SiloAddress GatewayAddress => SiloAddress;

    public IAsyncEnumerable<ClusterMembershipSnapshot> MembershipUpdates => throw new NotSupportedException();

    public static ClusterMembershipSnapshot Of(params (SiloAddress Silo, SiloStatus Status, string Name)[] members) =>
        new(members.ToImmutableDictionary(member => member.Silo, member => new ClusterMember(member.Silo, member.Status, member.Name)), new(1));

    public ValueTask Refresh(MembershipVersion minimumVersion = default, CancellationToken cancellationToken = default)
    {
        if (Interlocked.Increment(ref _refreshes) == 2) _refreshedTwice.SetResult();
        return Fault is { } fault ? ValueTask.FromException(fault) : ValueTask.CompletedTask;
    }

    public Task<bool> TryKill(SiloAddress siloAddress)
    {
        var killed = CurrentSnapshot.Members[siloAddress];
        CurrentSnapshot =
            new(CurrentSnapshot.Members.SetItem(siloAddress, new(siloAddress, SiloStatus.Dead, killed.Name)), new(CurrentSnapshot.Version.Value + 1));
        return Task.FromResult(true);
    }
}
