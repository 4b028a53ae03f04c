using System.CommandLine;

namespace OrleansLb.Silo.Verbs;

/// <summary><c>orleanslb version</c>.</summary>
internal static class VersionVerb
{
    public static Command Create()
    {
        var command = new Command("version", "Shows the version, and on what the grains run.");
        command.SetAction(parsed => parsed.InvocationConfiguration.Output.WriteLine($"orleanslb {ProductVersion.Text} ({ProductVersion.Build} build)"));
        return command;
    }
}
