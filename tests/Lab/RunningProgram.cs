using System.Diagnostics;
using System.Text;
using OrleansLb.Silo.Lab.Story;

namespace OrleansLb.Lab.Tests;

/// <summary>The program as its users run it: a process of its own.</summary>
internal sealed class RunningProgram : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _errors = new();

    public RunningProgram(Process process)
    {
        _process = process;
        _process.ErrorDataReceived += (_, line) =>
        {
            lock (_errors) _errors.AppendLine(line.Data);
        };
        _process.BeginErrorReadLine();
    }

    /// <summary>The program's file, beside the tests'.</summary>
    public static string Dll { get; } = Path.Combine(AppContext.BaseDirectory, "orleanslb.dll");

    public int Id => _process.Id;

    public string Errors
    {
        get
        {
            lock (_errors) return _errors.ToString();
        }
    }

    /// <summary>Where the service answers; known once it has said so.</summary>
    public Uri Address { get; private set; } = new("http://unknown");

    public static Process Start(params string[] arguments) => Start(arguments, new Dictionary<string, string>());

    /// <summary>Runs it to its end.</summary>
    public static Task<Tool.Result> Run(CancellationToken cancellation, params string[] arguments) =>
        Tool.Run("dotnet", [Dll, .. arguments], cancellation);

    public static Task<RunningProgram> Serve(string data, CancellationToken cancellation, params string[] more) =>
        Serve(data, new Dictionary<string, string>(), cancellation, more);

    /// <summary><c>orleanslb run</c> on the segment in memory, up to the moment at which it says that it serves.</summary>
    public static async Task<RunningProgram> Serve(string data, IReadOnlyDictionary<string, string> environment, CancellationToken cancellation,
        params string[] more)
    {
        return await Serving("node1", Start(["run", "--link", "memory", "--node", "node1", "--http", "127.0.0.1:0", "--data", data, .. more], environment),
            cancellation);
    }

    /// <summary><c>orleanslb run</c> on the interface eth0 of a network namespace, as if that were the machine.</summary>
    public static Task<RunningProgram> ServeIn(string networkNamespace, string data, CancellationToken cancellation, params string[] more) => Serving(
        "node1",
        Tool.Start("ip", ["netns", "exec", networkNamespace, "dotnet", Dll, "run", "--interface", "eth0", "--node", "node1", "--data", data, .. more]),
        cancellation);

    /// <summary>Waits until the process says that it serves the node.</summary>
    public static async Task<RunningProgram> Serving(string node, Process process, CancellationToken cancellation)
    {
        var program = new RunningProgram(process);
        var line = await program._process.StandardOutput.ReadLineAsync(cancellation);
        Assert.True(line?.StartsWith($"orleanslb serves node {node}: http://", StringComparison.Ordinal), $"it said '{line}' and {program.Errors}");
        program.Address = new(line!.Split(' ')[4]);
        return program;
    }

    /// <summary>Waits until its log, which comes on a way of its own, has this.</summary>
    public Task UntilItLogs(string words, CancellationToken cancellation) => Eventually.See($"'{words}' in the log",
        () => Task.FromResult(Errors.Contains(words, StringComparison.Ordinal) ? words : null), () => Task.FromResult(Errors), cancellation);

    /// <summary>The next line that it says.</summary>
    public async Task<string> NextLine(CancellationToken cancellation) => await _process.StandardOutput.ReadLineAsync(cancellation) ?? "";

    public Task<Tool.Result> Kubectl(string arguments, CancellationToken cancellation, string input = "") =>
        Tool.Run("kubectl", ["--kubeconfig", "/dev/null", "--server", Address.GetLeftPart(UriPartial.Authority), .. arguments.Split(' ')], cancellation, input);

    /// <summary>Asks it to stop, as systemd and Kubernetes do; returns its exit code.</summary>
    public async Task<int> Stop(CancellationToken cancellation)
    {
        (await Tool.Run("kill", ["-TERM", $"{Id}"], cancellation)).Succeeded();
        await _process.WaitForExitAsync(cancellation);
        return _process.ExitCode;
    }

    /// <summary>Waits until it has ended by itself; returns its exit code.</summary>
    public async Task<int> End(CancellationToken cancellation)
    {
        await _process.WaitForExitAsync(cancellation);
        return _process.ExitCode;
    }

    private static Process Start(string[] arguments, IReadOnlyDictionary<string, string> environment) =>
        Tool.Start("dotnet", [Dll, .. arguments], environment);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
