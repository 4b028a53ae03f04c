namespace OrleansLb.Core.Election;

/// <summary>What has become of a service that a node says it has taken over from a lost one.</summary>
public enum InheritOutcome
{
    /// <summary>It is that node's now; the service is to be told.</summary>
    Taken,

    /// <summary>It was that node's already.</summary>
    Known,

    /// <summary>It is another's: the node is to withdraw it.</summary>
    Refused,
}
