#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Process 1 of the lab kernel. It makes a machine out of the host's file system: the root stays read-only, every
# place that programs write to is a tmpfs, and only the folders that the job names come from the host writable.
# It knows nothing of the job but what $HALAB_JOB/job.sh says; halab/uml.py writes that file and starts the kernel.
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8

mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev 2>/dev/null # the kernel may have mounted it already
. "$HALAB_JOB/job.sh"

# job.sh sorts shares, parents first, and knows which lie below one of these.
for folder in $HALAB_FRESH; do
  if [ -d "$folder" ] && [ ! -L "$folder" ]; then mount -t tmpfs tmpfs "$folder"; fi
done
chmod 1777 /tmp /var/tmp
mkdir -p /run/lock /run/netns /run/halab/job /dev/shm /dev/pts
mount -t tmpfs tmpfs /dev/shm
mount -t devpts devpts /dev/pts
[ -e /dev/fd ] || ln -s /proc/self/fd /dev/fd
mount -t hostfs -o "$HALAB_JOB" none /run/halab/job

# A checkout below one of the tmpfs (in /tmp, say) was just hidden: show it again.
share_folder() { # ro|rw PATH
  mkdir -p "$2" && mount -t hostfs -o "$1,$2" none "$2"
}
share_folders

# modprobe looks in /lib/modules only; the kernel's own loading (IPVS schedulers) runs the program named below.
release=$(uname -r)
mkdir -p /run/halab/root/lib/modules /run/halab/bin
ln -s "/usr/lib/uml/modules/$release" "/run/halab/root/lib/modules/$release"
printf '#!/bin/sh\nexec /sbin/modprobe -d /run/halab/root "$@"\n' > /run/halab/bin/modprobe
chmod 755 /run/halab/bin/modprobe
echo /run/halab/bin/modprobe > /proc/sys/kernel/modprobe
export PATH="/run/halab/bin:$PATH"

ip link set lo up
ulimit -n 65536
cd "$HALAB_CWD" || cd /
run_command > /run/halab/job/output 2>&1 < /dev/null
echo $? > /run/halab/job/status
exec busybox poweroff -f
