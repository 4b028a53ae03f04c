using System.ComponentModel;
using System.Diagnostics;

namespace OrleansLb.Speaker.Tests.Namespaces;

/// <summary>Runs the tools that the tests compare with. One that is missing fails the test with the name of its Debian package.</summary>
internal static class Shell
{
    private static readonly Dictionary<string, string> Packages = new()
    {
        ["ip"] = "iproute2", ["arping"] = "arping", ["ndisc6"] = "ndisc6", ["tshark"] = "tshark", ["tcpdump"] = "tcpdump",
    };

    /// <summary>Runs a command line to its end; fails when it fails.</summary>
    public static string Run(string commandLine)
    {
        var (code, output) = Try(commandLine);
        Assert.True(code == 0, $"'{commandLine}' exited with {code}: {output}");
        return output;
    }

    /// <summary>Runs a command line to its end; returns its exit code and all that it printed.</summary>
    public static (int Code, string Output) Try(string commandLine)
    {
        using var process = Start(commandLine);
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.Result);
    }

    /// <summary>Starts a command line whose output is read as it comes.</summary>
    public static Process Start(string commandLine)
    {
        var words = commandLine.Split(' ');
        RequirePackage(words is ["ip", "netns", "exec", _, var tool, ..] ? tool : words[0]);
        return Process.Start(new ProcessStartInfo(words[0], words[1..]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
    }

    private static void RequirePackage(string tool)
    {
        var found =
            Environment.GetEnvironmentVariable("PATH")!.Split(':').Append("/usr/sbin").Append("/sbin").Any(folder => File.Exists(Path.Combine(folder, tool)));
        if (!found)
            throw new Win32Exception($"'{tool}' is missing; it comes with the Debian package '{Packages.GetValueOrDefault(tool, tool)}': apt-get install "
                + $"{Packages.GetValueOrDefault(tool, tool)}");
    }
}
