using OrleansLb.Core;
using OrleansLb.Core.Addressing;

namespace OrleansLb.Client;

/// <summary>Tells of the Services that the cluster serves; a cluster has one (<see cref="ClientGrains.ServiceDirectory"/>).</summary>
[Alias("orleanslb.IServiceDirectoryGrain")]
public interface IServiceDirectoryGrain : IGrainWithStringKey
{
    /// <summary>The addresses of a Service and who announces them; null when no Service of that name is served here.</summary>
    [Alias("StateOf")]
    Task<ServiceState?> StateOf(ServiceName service);

    /// <summary>Likewise of every Service, sorted by name.</summary>
    [Alias("States")]
    Task<EquatableList<ServiceState>> States();

    /// <summary>Who has the address; null when nobody does and it is not reserved.</summary>
    [Alias("HolderOf")]
    Task<AddressState?> HolderOf(Address address);

    /// <summary>
    /// Tells the observer what changes from now on, until the lease ends: it is to be renewed before by the same call.
    /// <see cref="ServiceFollowing.FollowServices"/> does all this.
    /// </summary>
    /// <param name="position">How far the caller has followed; null when it knows nothing, or may have missed something.</param>
    [Alias("Follow")]
    Task<FollowGrant> Follow(IServiceObserver observer, FeedPosition? position);

    /// <summary>Tells it nothing any more.</summary>
    [Alias("Unfollow")]
    Task Unfollow(IServiceObserver observer);
}
