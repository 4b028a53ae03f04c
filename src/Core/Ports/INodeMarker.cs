namespace OrleansLb.Core.Ports;

/// <summary>What became of a mark on a node.</summary>
[GenerateSerializer, Alias("orleanslb.NodeMark")]
public enum NodeMark
{
    Written,

    /// <summary>The record has no node of that name.</summary>
    NoSuchNode,

    /// <summary>We may not write to nodes.</summary>
    Forbidden,
}

/// <summary>
/// Marks nodes in the record, where everybody sees it and it outlives us. A record that cannot be reached throws <see cref="RecordUnavailableException"/>.
/// </summary>
public interface INodeMarker
{
    /// <summary>The node is to be left by all that others may announce (<c>Facts.Draining</c>), or may be used again.</summary>
    Task<NodeMark> Drain(NodeName node, bool draining, CancellationToken cancellation);
}
