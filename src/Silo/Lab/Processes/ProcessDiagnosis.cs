using System.Globalization;
using OrleansLb.Core;
using OrleansLb.Silo.Lab.Routers;

namespace OrleansLb.Silo.Lab.Processes;

/// <summary>
/// What each node's process believes and has logged, and what the API has, at the moment in which an expectation was not met: a story that fails once in a
/// thousand runs has to explain itself.
/// </summary>
internal sealed class ProcessDiagnosis(ProcessCluster cluster)
{
    /// <summary>A process that is frozen does not answer, nor one that has ended.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly string[] Objects = ["api/v1/services", "apis/orleanslb.io/v1alpha1/addressclaims", "apis/orleanslb.io/v1alpha1/siloclusters"];

    /// <summary>What was found, in lines.</summary>
    public async Task<IReadOnlyList<string>> Find()
    {
        var found = new List<string>();
        foreach (var path in Objects) await Add(found, $"the API's {path[(path.LastIndexOf('/') + 1)..]}", () => cluster.Describe(path));
        foreach (var node in cluster.Nodes)
        {
            await Add(found, $"{node} says", () => Ask(node, "status"));
            await Add(found, $"{node} says of its sessions", () => Ask(node, "status", "bgp"));
            await Add(found, $"{node} has logged", () => Task.FromResult(cluster.LogOf(node)));
        }
        return found;
    }

    private static async Task Add(List<string> found, string what, Func<Task<string>> ask)
    {
        found.Add($"{what}:");
        try
        {
            found.AddRange((await ask()).Split('\n').Select(line => $"  {line.TrimEnd()}"));
        }
        catch (Exception unanswered)
        {
            found.Add($"  cannot be said ({unanswered.Message})");
        }
    }

    /// <summary>Asks the node's process as its operator would, on the node.</summary>
    private Task<string> Ask(NodeName node, params string[] verb) => NamespaceProgram.Ask(cluster.Network.NamespaceOf(node.Value),
        ["timeout", Patience.TotalSeconds.ToString(CultureInfo.InvariantCulture), .. ThisProgram.Command(), .. verb], CancellationToken.None);
}
